/** Teaches a J3 to make vectors of documents, without labels: parts of one are to be alike. */
package org.jzoo.examples.embedding;
