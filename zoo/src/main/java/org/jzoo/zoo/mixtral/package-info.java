/** Mixtral. */
package org.jzoo.zoo.mixtral;
