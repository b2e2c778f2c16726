/** From pictures to numbers: decoding, resampling and the preprocessing that a model expects. */
package org.jzoo.zoo.image;
