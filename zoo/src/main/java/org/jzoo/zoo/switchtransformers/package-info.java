/** The encoder of Switch Transformers. */
package org.jzoo.zoo.switchtransformers;
