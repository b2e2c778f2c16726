package org.jzoo.examples.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jzoo.training.loop.callback.RunRecord;
import org.jzoo.training.metric.ConfusionMatrix;
import org.jzoo.training.report.RunEvent;
import org.jzoo.training.report.RunLog;
import org.jzoo.training.report.picture.ConfusionPicture;
import org.jzoo.training.report.picture.Curves;
import org.jzoo.training.report.picture.Pictures;

/** A training's curves and confusion matrix as pictures beside its log. */
public final class RunPictures {

    /** The curves' file. */
    public static final String CURVES = "curves.png";

    /** The confusion matrix's file. */
    public static final String CONFUSION = "confusion.png";

    private RunPictures() {}

    /**
     * Draws. A machine that cannot draw loses the pictures, with a warning, and nothing else.
     *
     * @param folder with the log; gets the pictures
     * @param confusion of the test data, or null
     * @return the pictures that were drawn
     * @throws IOException if the log cannot be read
     */
    public static List<Path> draw(Path folder, ConfusionMatrix confusion) throws IOException {
        List<Path> drawn = new ArrayList<>();
        List<RunEvent> events = RunLog.read(folder.resolve(RunRecord.LOG)).events();
        Path curves = folder.resolve(CURVES);
        if (Pictures.tryWrite(curves, () -> Curves.draw("Training", events))) {
            drawn.add(curves);
        }
        Path matrix = folder.resolve(CONFUSION);
        if (confusion != null
                && Pictures.tryWrite(matrix, () -> ConfusionPicture.draw("Test data", confusion))) {
            drawn.add(matrix);
        }
        return drawn;
    }
}
