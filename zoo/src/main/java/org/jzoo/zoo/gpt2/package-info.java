/** GPT-2. */
package org.jzoo.zoo.gpt2;
