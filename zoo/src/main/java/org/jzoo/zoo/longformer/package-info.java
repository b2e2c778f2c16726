/** Longformer: how its published configurations and weights become a text encoder. */
package org.jzoo.zoo.longformer;
