package org.jzoo.examples.finetune;

/** The model card of a fine-tuning, made from the run. */
public final class RunCard {

    private RunCard() {}

    /** The card's Markdown. */
    public static String of(FineTuneConfig config, TextData data, FineTuned tuned) {
        StringBuilder text = new StringBuilder("# " + config.model() + " tuned\n");
        FineTune.shown(tuned.test())
                .forEach((name, value) -> text.append("- %s %.4f%n".formatted(name, value)));
        return text.append(data.hash()).append('\n').toString();
    }
}
