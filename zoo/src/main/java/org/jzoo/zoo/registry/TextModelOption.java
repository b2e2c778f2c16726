package org.jzoo.zoo.registry;

/** The numbers of a model that reads texts, by a tokenizer that is saved beside it. */
public interface TextModelOption extends ModelOption {

    /** The token that fills up shorter texts of a batch, or -1 for none. */
    int padding();

    /** Tokens of the longest input, special tokens included. */
    int maxLength();
}
