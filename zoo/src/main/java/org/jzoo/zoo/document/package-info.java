/**
 * Documents of any length as chunks of tokens that know where they stand in the source.
 *
 * <p>A {@link org.jzoo.zoo.document.LongText} opens a {@link java.io.Reader}; {@link
 * org.jzoo.zoo.document.TextReader} decodes bytes; {@link org.jzoo.zoo.document.TextPieces} cuts
 * the characters where the cut does not change the tokens; {@link
 * org.jzoo.zoo.document.TokenChunks} fills chunks of an equal number of tokens. A few pieces and
 * one chunk are held at a time, however long the document or its longest line is.
 */
package org.jzoo.zoo.document;
