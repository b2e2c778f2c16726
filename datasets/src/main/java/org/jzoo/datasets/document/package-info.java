/** Documents and questions about them: text out of files, answers as stretches of the text. */
package org.jzoo.datasets.document;
