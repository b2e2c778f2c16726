/** CLIP: a text encoder and an image encoder that meet in one space. */
package org.jzoo.zoo.clip;
