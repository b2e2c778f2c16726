package org.jzoo.examples.lite;

import org.jzoo.datasets.glue.GlueTask;

/** What a small model's card says. */
final class LiteCard {

    private LiteCard() {}

    static String of(LiteConfig config, GlueTask task) {
        return """
        # J2-Lite for %s

        A student of %s, tuned on GLUE's %s: parts chosen by importance, taught by the
        teacher's hidden states and outputs on changed texts, %d-bit weights learned while
                training, a token table of rank %d in 8 bits for the tokens of GLUE's training
                texts.

        Made by `jzoo reproduce j2-lite`, which says what each step costs.
        """
                .formatted(
                        task.folder(),
                        config.teacher(),
                        task.folder(),
                        LiteConfig.BITS,
                        config.tokenRank());
    }
}
