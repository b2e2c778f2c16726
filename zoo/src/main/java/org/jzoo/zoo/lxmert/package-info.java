/** LXMERT: texts and regions of images, with cross-attention both ways. */
package org.jzoo.zoo.lxmert;
