/** Fine-tuning a text model from data to a saved folder: what the command line and recipes run. */
package org.jzoo.examples.finetune;
