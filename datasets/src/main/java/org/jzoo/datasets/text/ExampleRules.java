package org.jzoo.datasets.text;

/** What a row must satisfy to become an example: the one home of these checks. */
record ExampleRules(String source, TextColumns columns) {

    /** Values are null where the row lacks them; ones that the columns do not ask for are null. */
    TextExample check(long row, long line, String text, String pair, String label) {
        present(row, line, columns.text(), text);
        if (columns.pair() != null) {
            present(row, line, columns.pair(), pair);
        }
        if (columns.target() == TargetKind.NONE) {
            return new TextExample(row, text, pair, null);
        }
        present(row, line, columns.label(), label);
        TextExample example = new TextExample(row, text, pair, label.strip());
        if (columns.target() == TargetKind.NUMBER) {
            try {
                example.target();
            } catch (IllegalArgumentException e) {
                throw new DataException(
                        source,
                        row,
                        line,
                        "column %s must be a finite number, got %s=\"%s\""
                                .formatted(columns.label(), columns.label(), label));
            }
        }
        return example;
    }

    private void present(long row, long line, String column, String value) {
        if (value == null || value.isBlank()) {
            throw new DataException(
                    source,
                    row,
                    line,
                    "column %s must not be empty, got %s"
                            .formatted(column, value == null ? "nothing" : "\"" + value + "\""));
        }
    }
}
