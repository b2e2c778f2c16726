/** Which architectures and models there are, and how a model is built, saved and loaded. */
package org.jzoo.zoo.registry;
