/** Mistral. */
package org.jzoo.zoo.mistral;
