/** From text to token ids and back. */
package org.jzoo.zoo.text;
