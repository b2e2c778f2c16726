/** Training causal language models on the user's own texts, and judging them. */
package org.jzoo.examples.language;
