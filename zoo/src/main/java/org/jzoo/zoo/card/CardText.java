package org.jzoo.zoo.card;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a card as Markdown, with the head that model hubs read. */
final class CardText {

    private static final double MEGA = 1e6;

    private final ModelCard card;
    private final StringBuilder text = new StringBuilder();

    CardText(ModelCard card) {
        this.card = card;
    }

    @Override
    public String toString() {
        text.setLength(0);
        head();
        line("# " + card.name());
        if (!card.summary().isBlank()) {
            line(card.summary().strip());
        }
        facts();
        metrics();
        data();
        training();
        list("Limits", card.limits());
        use();
        return text.toString().stripTrailing() + "\n";
    }

    private void head() {
        text.append("---\nlicense: ").append(flat(card.licence())).append("\nlibrary_name: jzoo\n");
        if (card.baseModel() != null) {
            text.append("base_model: ").append(flat(card.baseModel())).append('\n');
        }
        text.append("tags:\n- ").append(flat(card.architecture()));
        text.append("\n- ").append(flat(card.task()).replace(' ', '-')).append("\n---\n\n");
    }

    private void facts() {
        line("| | |\n|---|---|");
        trim();
        row("Architecture", card.architecture());
        row("Task", card.task());
        if (!card.labels().isEmpty()) {
            row("Labels", String.join(", ", card.labels()));
        }
        row("Base model", card.baseModel() == null ? "none" : card.baseModel());
        row("Weights", count(card.parameters()));
        if (card.bytes() > 0) {
            row("Size", format("%.1f MB", card.bytes() / MEGA));
        }
        card.speed().forEach(this::row);
        row("Licence", card.licence());
        text.append('\n');
    }

    private void metrics() {
        if (card.metrics().isEmpty()) {
            return;
        }
        line("## Quality");
        line("| metric | data | value | examples |\n|---|---|---:|---:|");
        trim();
        for (Measured m : card.metrics()) {
            row(m.metric(), m.split(), format("%.4f", m.value()), count(m.examples()));
        }
        text.append('\n');
    }

    private void data() {
        if (card.data().isEmpty()) {
            return;
        }
        line("## Data");
        line("| name | split | examples | SHA-256 |\n|---|---|---:|---|");
        trim();
        for (DataUse d : card.data()) {
            row(
                    d.name(),
                    d.split(),
                    count(d.examples()),
                    d.sha256().isEmpty() ? "unknown" : "`" + d.sha256() + "`");
        }
        text.append('\n');
    }

    private void training() {
        line("## Training");
        text.append("- commit: ").append(card.commit()).append('\n');
        if (!card.seeds().isEmpty()) {
            text.append("- seeds: ");
            text.append(String.join(", ", card.seeds().stream().map(String::valueOf).toList()));
            text.append('\n');
        }
        for (Map.Entry<String, String> setting : card.settings().entrySet()) {
            text.append("- %s: %s\n".formatted(setting.getKey(), flat(setting.getValue())));
        }
        text.append('\n');
    }

    private void list(String title, List<String> items) {
        if (!items.isEmpty()) {
            line("## " + title);
            items.forEach(item -> text.append("- ").append(flat(item)).append('\n'));
            text.append('\n');
        }
    }

    private void use() {
        String call =
                switch (card.task()) {
                    case "embedding" -> "float[] vector = model.embed(\"a text\");";
                    case "classification" -> "Classifications labels = model.classify(\"a text\");";
                    case "pair classification" ->
                            "Classifications labels ="
                                    + " model.classify(new TextPair(\"a text\", \"another\"));";
                    case "pair regression" ->
                            "float score = model.score(new TextPair(\"a text\", \"another\"));";
                    case "regression" -> "float score = model.score(\"a text\");";
                    case "token classification" ->
                            "List<TokenLabel> labels = model.label(\"a text\");";
                    case "masked words" -> "List<Filling> words = model.fill(\"a [MASK] text\");";
                    case "answer" ->
                            "Predictor<VisualQuestion, Answer> predictor ="
                                    + " model.predictor(VisualQuestion.class, Answer.class);";
                    case "span" ->
                            "LongAnswer answer ="
                                + " LongReader.of(model).answer(LongQuestion.of(Path.of(\"book.txt\"),"
                                + " \"a question?\"));";
                    default -> "Block block = model.block();";
                };
        line("## Use");
        line(
                """
                ```java
                try (LoadedModel model = Zoo.load("path/to/%s")) {
                    %s
                }
                ```\
                """
                        .formatted(card.name(), call));
        line("```\n" + command().formatted("path/to/" + card.name()) + "\n```");
    }

    private String command() {
        return switch (card.task()) {
            case "embedding" -> "./jzoo embed --model %s \"a text\"";
            case "answer", "match" ->
                    "./jzoo vqa --model %s --image picture.png --question \"a question?\"";
            case "retrieval" -> "./jzoo embed --model %s --rank \"a text\" pictures";
            case "caption" -> "./jzoo caption --model %s picture.png";
            case "span" -> "./jzoo ask --model %s --document book.txt --question \"a question?\"";
            case "causal language" -> "./jzoo generate --model %s --prompt \"a text\"";
            case "pair classification", "pair regression" ->
                    "./jzoo predict --model %s \"a text\" \"another\"";
            case "image classification" -> "./jzoo predict --model %s picture.png";
            default -> "./jzoo predict --model %s \"a text\"";
        };
    }

    private void row(String... cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(flat(cell).replace("|", "\\|")).append(" |");
        }
        text.append('\n');
    }

    private void line(String line) {
        text.append(line).append("\n\n");
    }

    // A table's head is followed by its rows, without a blank line.
    private void trim() {
        text.setLength(text.length() - 1);
    }

    private static String flat(String value) {
        return value.replaceAll("\\s+", " ").strip();
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
