package org.jzoo.examples.cli;

import java.nio.file.Path;
import java.util.List;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.compress.ImportanceShares;
import org.jzoo.training.report.picture.HeatPicture;
import org.jzoo.training.report.picture.Pictures;

/** What matters in a model that is made smaller, as heat maps. */
final class ImportancePictures {

    private ImportancePictures() {}

    /** Draws heads, channels and layers, each in a file of its own. */
    static void draw(Compression compression, Path work, Terminal terminal) {
        ImportanceShares shares = new ImportanceShares(compression.importance());
        double[][] heads = shares.heads();
        double[][] layers = shares.layers();
        List<String> names = compression.layerNames();
        draw(
                work.resolve("importance.png"),
                new HeatPicture("Importance of heads", "layer", "head"),
                names,
                Compression.numbers(heads[0].length),
                heads,
                terminal);
        draw(
                work.resolve("importance-channels.png"),
                new HeatPicture("Importance of channels", "layer", "tenth, the best first"),
                names,
                Compression.numbers(ImportanceShares.TENTHS),
                shares.channels(),
                terminal);
        draw(
                work.resolve("importance-layers.png"),
                new HeatPicture("Importance of layers", "stack", "layer"),
                shares.stackNames(),
                Compression.numbers(layers[0].length),
                layers,
                terminal);
    }

    private static void draw(
            Path file,
            HeatPicture picture,
            List<String> rows,
            List<String> columns,
            double[][] shares,
            Terminal terminal) {
        if (Pictures.tryWrite(file, () -> picture.draw(rows, columns, shares))) {
            terminal.remark("picture %s", file);
        }
    }
}
