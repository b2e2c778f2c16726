package org.jzoo.examples.bench;

import ai.djl.Device;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jzoo.training.report.picture.LinePicture;

/**
 * Measures every mixer of {@link AttentionMixer#ALL} from 512 tokens up, doubling: time and memory
 * of one layer's forward and backward pass. Each measurement is a JVM of its own; a mixer ends when
 * its next length would take too long.
 */
public final class AttentionBench {

    private static final int SHORTEST = 512;
    private static final int MINUTES = 30;
    // The most that a step can grow when the length doubles.
    private static final double GROWTH = 4;

    /**
     * What is measured.
     *
     * @param maxLength the longest input, at least 512
     * @param rounds measured steps at each length, at least 1
     * @param threads of each JVM, at least 1
     * @param seconds longest step that is still measured, above 0
     * @param device where
     */
    public record Config(int maxLength, int rounds, int threads, double seconds, Device device) {

        /**
         * Validates.
         *
         * @throws IllegalArgumentException if a component is out of its range
         */
        public Config {
            if (maxLength < SHORTEST || rounds < 1 || threads < 1 || !(seconds > 0)) {
                throw new IllegalArgumentException(
                        "maxLength must be >= 512, rounds and threads >= 1 and seconds > 0, got"
                                + " maxLength=%d, rounds=%d, threads=%d, seconds=%s"
                                        .formatted(maxLength, rounds, threads, seconds));
            }
        }
    }

    /**
     * One mixer at one length.
     *
     * @param mixer its name
     * @param tokens T
     * @param point what came out
     */
    public record Row(String mixer, int tokens, AttentionProbe.Point point) {}

    private final Config config;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param progress told a line per measurement
     */
    public AttentionBench(Config config, Consumer<String> progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @throws IOException if a JVM cannot be started or fails; the message holds what it said
     */
    public List<Row> run() throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (AttentionMixer mixer : AttentionMixer.ALL) {
            for (int tokens = SHORTEST; tokens <= config.maxLength(); tokens *= 2) {
                AttentionProbe.Point point = measure(mixer, tokens);
                rows.add(new Row(mixer.name(), tokens, point));
                progress.accept(
                        "%s, %d tokens: forward %.1f ms, backward %.1f ms, %.0f MB"
                                .formatted(
                                        mixer.name(),
                                        tokens,
                                        point.forwardMillis(),
                                        point.backwardMillis(),
                                        point.peakMegabytes()));
                if (point.millis() * GROWTH > config.seconds() * 1e3) {
                    break;
                }
            }
        }
        return rows;
    }

    private AttentionProbe.Point measure(AttentionMixer mixer, int tokens)
            throws IOException, InterruptedException {
        return ChildJvm.run(
                AttentionProbe.class,
                MINUTES,
                AttentionProbe.Point.class,
                mixer.name(),
                Integer.toString(tokens),
                Integer.toString(config.rounds()),
                Integer.toString(config.threads()),
                config.device().getDeviceType());
    }

    /** Draws the time of a step by length, a line for each mixer. */
    public static BufferedImage timePicture(List<Row> rows) {
        return picture("Time of one layer", "forward and backward (ms)", rows, p -> p.millis());
    }

    /** Draws the memory of a step by length, a line for each mixer. */
    public static BufferedImage memoryPicture(List<Row> rows) {
        return picture("Memory of one layer", "peak (MB)", rows, p -> p.peakMegabytes());
    }

    private static BufferedImage picture(
            String title,
            String quantity,
            List<Row> rows,
            ToDoubleFunction<AttentionProbe.Point> value) {
        Map<String, List<Row>> byMixer = new LinkedHashMap<>();
        rows.forEach(r -> byMixer.computeIfAbsent(r.mixer(), m -> new ArrayList<>()).add(r));
        LinePicture picture =
                new LinePicture(title, "length (tokens)", quantity).logX().logY().size(1100, 640);
        byMixer.forEach(
                (mixer, points) ->
                        picture.line(
                                mixer,
                                points.stream().mapToDouble(Row::tokens).toArray(),
                                points.stream()
                                        .mapToDouble(r -> value.applyAsDouble(r.point()))
                                        .toArray()));
        return picture.draw();
    }
}
