/** Reading folders in Hugging Face's layout: config.json, weights, tokenizer.json. */
package org.jzoo.zoo.huggingface;
