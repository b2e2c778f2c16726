/** Labels for the words of texts: names and the like, learned, judged and measured. */
package org.jzoo.examples.tagging;
