package org.jzoo.examples.cli;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jzoo.examples.recipe.JsonLines;

/**
 * A recipe whose runs leave figures of one kind.
 *
 * @param <R> what describes a run
 * @param <F> the figures, a line each
 */
abstract class FiguresRecipe<R, F> extends RunsRecipe<R> {

    private final Class<F> type;

    FiguresRecipe(Class<F> type) {
        this.type = type;
    }

    /** Whether figures are of a run. */
    abstract boolean made(R run, F figures);

    /** Makes a run. */
    abstract List<F> make(R run) throws IOException, MalformedModelException;

    /** What a file holds. */
    final List<F> figures(Path file) throws IOException {
        return new JsonLines<>(file, type).read();
    }

    @Override
    final Predicate<R> made(Path file) throws IOException {
        List<F> done = figures(file);
        return run -> done.stream().anyMatch(figures -> made(run, figures));
    }

    @Override
    final Object run(R run, Device device, Path file) throws IOException {
        try {
            List<F> made = make(run);
            new JsonLines<>(file, type).append(made);
            return made;
        } catch (MalformedModelException e) {
            throw new IOException(e);
        }
    }
}
