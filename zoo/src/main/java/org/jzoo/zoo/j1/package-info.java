/** J1: a text encoder and an image encoder, fusion layers between them, and a gate that weighs. */
package org.jzoo.zoo.j1;
