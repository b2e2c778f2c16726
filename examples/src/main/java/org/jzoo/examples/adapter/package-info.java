/** Adapters as folders of their own, beside the pretrained model that they belong to. */
package org.jzoo.examples.adapter;
