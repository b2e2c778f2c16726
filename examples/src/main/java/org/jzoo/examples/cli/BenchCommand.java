package org.jzoo.examples.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Options;
import org.jzoo.zoo.weights.NearestName;

/** {@code jzoo bench}: this library against others, on this machine. */
final class BenchCommand implements Command {

    private static final List<BenchKind> KINDS =
            List.of(
                    new EncodeKind(),
                    new TrainKind(),
                    new LoadKind(),
                    new StartKind(),
                    new AttentionKind(),
                    new GenerateKind(),
                    new ExpertsKind(),
                    new VqaKind(),
                    new J3Kind(),
                    new CompressedKind());

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "Measures speed and memory against named peers, in one run; jzoo bench KIND --help"
                + " tells a kind's options.";
    }

    @Override
    public String usage() {
        return KINDS.stream().map(BenchKind::name).collect(Collectors.joining("|")) + " [options]";
    }

    @Override
    public boolean takesWords() {
        return true;
    }

    @Override
    public Options options() {
        Options options = new Options();
        BenchOptions.all().forEach(options::addOption);
        return options;
    }

    @Override
    public List<String> examples() {
        return KINDS.stream().flatMap(kind -> kind.examples().stream()).toList();
    }

    @Override
    public Command narrowed(List<String> words) {
        return words.stream()
                .flatMap(word -> KINDS.stream().filter(kind -> kind.name().equals(word)))
                .findFirst()
                .<Command>map(kind -> new BenchKindCommand(this, kind))
                .orElse(this);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) {
        String got = String.join(" ", arguments.rest());
        List<String> names = KINDS.stream().map(BenchKind::name).toList();
        throw new UsageException(
                "what to measure must be one of %s, got %s%s"
                        .formatted(names, got, NearestName.hint(got, names)));
    }
}
