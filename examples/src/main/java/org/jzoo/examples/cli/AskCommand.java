package org.jzoo.examples.cli;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Options;
import org.jzoo.examples.longqa.DocumentFiles;
import org.jzoo.training.loop.StopSignal;
import org.jzoo.training.report.ProgressLine;
import org.jzoo.zoo.document.Evidence;
import org.jzoo.zoo.document.LongAnswer;
import org.jzoo.zoo.document.LongQuestion;
import org.jzoo.zoo.document.LongReader;
import org.jzoo.zoo.document.LongText;
import org.jzoo.zoo.document.ReadingCancelledException;
import org.jzoo.zoo.document.ReadingProgress;
import org.jzoo.zoo.document.ReadingReport;
import org.jzoo.zoo.j3.J3Reader;
import org.jzoo.zoo.j3.SpanTask;
import org.jzoo.zoo.registry.LoadedModel;

/** {@code jzoo ask}: a question about a document of any length. */
final class AskCommand implements Command {

    private static final long CHUNKS_PER_REMARK = 200;
    private static final double LEAST_WORTH_SHOWING = 5e-4; // less would show as 0.0%

    @Override
    public String name() {
        return "ask";
    }

    @Override
    public String summary() {
        return "Answers questions about a long document (text or PDF) with the place of the answer:"
                + " its offsets in Java characters (of a PDF, in its text) and its page.";
    }

    @Override
    public String usage() {
        return "--model DIR --document FILE --question TEXT... [options]";
    }

    @Override
    public Set<String> repeatable() {
        return Set.of("question");
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(FineTuneOptions.valued("model", "NAME", "model folder or name of a J3"));
        options.addOption(
                FineTuneOptions.valued(
                        "document",
                        "FILE",
                        "text (UTF-8, or UTF-16 with its mark) or PDF, of any length; - reads the"
                                + " input"));
        options.addOption(
                FineTuneOptions.valued(
                        "question",
                        "TEXT",
                        "the question; given several times, each is answered in turn"));
        options.addOption(
                FineTuneOptions.valued(
                        "blocks",
                        "N",
                        "blocks of earlier text that are kept to be found again; more take more"
                                + " memory [%d]".formatted(J3Reader.MOST_BLOCKS)));
        options.addOption(EachDocument.chunk());
        options.addOption(EachDocument.work());
        options.addOption(
                FineTuneOptions.valued("device", "NAME", "cpu or gpu [gpu if there is one]"));
        options.addOption(FineTuneOptions.flag("bf16", "computes matrix products in bfloat16"));
        options.addOption(FineTuneOptions.flag("json", "prints a JSON object"));
        return options;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo ask --model my-j3 --document france.txt --question 'What is the coastline of"
                        + " France?'",
                "jzoo ask --model my-j3 --document report.pdf --question 'Who signed it?'"
                        + " --question 'When?' --json",
                "jzoo ask --model my-j3 --document archive.txt --question 'Who?' --work readings");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws Exception {
        LongText document = document(arguments);
        List<LongQuestion> questions = new ArrayList<>();
        for (String question : arguments.texts("question")) {
            questions.add(new LongQuestion(document, question));
        }
        Device device = FineTuneOptions.device(arguments);
        try (LoadedModel model = Models.load(arguments.text("model"), device);
                StopSignal stop = StopSignal.onShutdown()) {
            if (!(model.config().task() instanceof SpanTask)) {
                throw new UsageException(
                        "--model must be a J3 that answers questions, got %s with the task %s"
                                .formatted(
                                        model.name(),
                                        model.config().task().getClass().getSimpleName()));
            }
            LongReader reader =
                    EachDocument.reader(model, arguments, stop::requested)
                            .withProgress(progress(terminal))
                            .withBlocks(arguments.integer("blocks", J3Reader.MOST_BLOCKS, 1));
            return answer(reader, questions, arguments, terminal);
        }
    }

    // The JVM may be ending: what is to be said is said before the signal is closed.
    private static int answer(
            LongReader reader, List<LongQuestion> questions, Arguments arguments, Terminal terminal)
            throws IOException {
        try {
            for (LongQuestion question : questions) {
                LongAnswer answer = reader.answer(question);
                if (arguments.has("json")) {
                    terminal.jsonLine(json(question, answer));
                    continue;
                }
                if (questions.size() > 1) {
                    terminal.print("%s", question.question());
                }
                print(answer, terminal);
            }
            return Main.OK;
        } catch (ReadingCancelledException e) {
            EachDocument.cancelled(e, arguments.has(EachDocument.WORK), terminal);
            return Main.INTERRUPTED;
        }
    }

    private static LongText document(Arguments arguments) {
        if (arguments.text("document").equals("-")) {
            if (arguments.has(EachDocument.WORK)) {
                throw new UsageException(
                        "--work must be left out with --document -, since the input is read once;"
                                + " save it to a file");
            }
            if (arguments.texts("question").size() > 1) {
                throw new UsageException(
                        "--document - must be asked one --question, since the input is read once,"
                                + " got %d; save it to a file"
                                        .formatted(arguments.texts("question").size()));
            }
            return LongText.of(System.in);
        }
        Path file = arguments.existing("document");
        return DocumentFiles.of(file);
    }

    private static ReadingProgress progress(Terminal terminal) {
        boolean shown = ProgressLine.isTerminal();
        return (chunks, tokens, characters) -> {
            if (shown && chunks % CHUNKS_PER_REMARK == 0) {
                terminal.remark("read %,d tokens, %,d characters", tokens, characters);
            }
        };
    }

    static void print(LongAnswer answer, Terminal terminal) {
        if (!answer.found()) {
            terminal.print(
                    "%s",
                    answer.evidence().isEmpty()
                            ? "The document holds no text."
                            : "The document does not seem to say. The closest:");
        }
        boolean first = true; // the best is the answer, however many others are possible
        for (Evidence evidence : answer.evidence()) {
            if (answer.found() && !first && evidence.probability() < LEAST_WORTH_SHOWING) {
                break;
            }
            first = false;
            terminal.print(
                    "%s",
                    String.format(
                            Locale.ROOT,
                            "%s  (%.1f%%, page %d, characters %d to %d)",
                            evidence.answer(),
                            100 * evidence.probability(),
                            evidence.page(),
                            evidence.start(),
                            evidence.end()));
            terminal.print("    %s", evidence.sentence().replaceAll("\\s+", " "));
        }
        terminal.remark("read %s", answer.reading());
    }

    private static Map<String, Object> json(LongQuestion question, LongAnswer answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("question", question.question());
        line.put("answer", answer.found() ? answer.text() : null);
        line.put("noAnswer", answer.noAnswer());
        List<Map<String, Object>> evidence = new ArrayList<>();
        for (Evidence found : answer.evidence()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("answer", found.answer());
            entry.put("probability", found.probability());
            entry.put("start", found.start());
            entry.put("end", found.end());
            entry.put("page", found.page());
            entry.put("sentence", found.sentence());
            entry.put("sentenceStart", found.sentenceStart());
            entry.put("sentenceEnd", found.sentenceEnd());
            evidence.add(entry);
        }
        line.put("evidence", evidence);
        ReadingReport reading = answer.reading();
        line.put("characters", reading.characters());
        line.put("tokens", reading.tokens());
        line.put("replaced", reading.replaced());
        return line;
    }
}
