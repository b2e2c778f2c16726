/** ViT, the vision transformer. */
package org.jzoo.zoo.vit;
