package org.jzoo.examples.cli;

import java.util.List;
import org.apache.commons.cli.Option;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.examples.bench.BenchTables;
import org.jzoo.examples.bench.J3Bench;
import org.jzoo.training.report.ResultsFile;
import org.jzoo.zoo.j3.J3Size;

/** {@code jzoo bench j3}: time and memory by length. */
final class J3Kind implements BenchKind {

    private static final String AGAINST = "32768";

    @Override
    public String name() {
        return "j3";
    }

    @Override
    public String summary() {
        return "Measures J3 by length and against full attention.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                FineTuneOptions.valued("size", "NAME", "tiny, small, base or h200 [tiny]"),
                FineTuneOptions.valued(
                        "chunk", "N", "tokens that J3 reads at once [what its size says]"),
                FineTuneOptions.valued(
                        "against",
                        "N,N",
                        "tokens at which full attention reads, too [%s]".formatted(AGAINST)),
                FineTuneOptions.flag("bf16", "matrix products in bfloat16"),
                FineTuneOptions.valued("rounds", "N", "measured times [3]"),
                BenchOptions.device());
    }

    @Override
    public List<String> examples() {
        return List.of(
                "jzoo bench j3 --quick",
                "jzoo bench j3 --device gpu --size small --bf16 --chunk 4096 --against"
                        + " 32768,262144");
    }

    @Override
    public ResultsFile run(Arguments arguments, String name, Terminal terminal) {
        boolean quick = arguments.has("quick");
        int threads = BenchOptions.threads(arguments);
        PyTorch.setThreads(threads);
        String size = arguments.text("size", "tiny");
        J3Size named = J3Size.named(size);
        int chunk = arguments.integer("chunk", named.chunkLength(), named.blockLength());
        Precision precision = arguments.has("bf16") ? Precision.BFLOAT16 : Precision.FLOAT32;
        J3Bench.Config config =
                new J3Bench.Config(
                        named.withChunks(chunk, named.blockLength(), named.gradientChunks()),
                        quick
                                ? List.of(8192, 16_384)
                                : List.of(8192, 16_384, 32_768, 65_536, 131_072, 262_144),
                        quick ? List.of(8192, 32_768) : List.of(65_536, 1 << 20),
                        RecipeOptions.list(
                                arguments, "against", quick ? "4096" : AGAINST, Integer::valueOf),
                        quick ? 8192 : 131_072,
                        arguments.integer("rounds", quick ? 1 : 3, 1),
                        precision,
                        FineTuneOptions.device(arguments));
        return BenchTables.j3(
                name,
                "jzoo bench j3 --device %s --size %s --threads %d --rounds %d%s%s%s%s"
                        .formatted(
                                config.device().getDeviceType(),
                                size,
                                threads,
                                config.rounds(),
                                precision == Precision.BFLOAT16 ? " --bf16" : "",
                                arguments.has("chunk") ? " --chunk " + chunk : "",
                                arguments.has("against")
                                        ? " --against " + arguments.text("against")
                                        : "",
                                quick ? " --quick" : ""),
                new J3Bench(config, line -> terminal.remark("%s", line)).run());
    }
}
