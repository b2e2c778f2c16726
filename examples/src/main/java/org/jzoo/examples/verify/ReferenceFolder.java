package org.jzoo.examples.verify;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Path;
import org.jzoo.zoo.huggingface.HuggingFaceConfig;
import org.jzoo.zoo.verify.Reference;
import org.jzoo.zoo.verify.Verification;
import org.jzoo.zoo.verify.VerificationReport;

/** Compares a folder with this library, whatever the folder holds. */
public final class ReferenceFolder {

    private ReferenceFolder() {}

    /**
     * Compares.
     *
     * @param folder a {@link Reference} of a model's outputs, of a {@link TrainingCurve}, of an
     *     {@link AdapterReference adapter}, of {@link AttentionReference one attention layer} or of
     *     {@link RoundingReference rounded weights}
     * @throws IOException if a file is missing or cannot be read
     * @throws MalformedModelException if a file is damaged
     * @throws IllegalArgumentException if something is not supported; the message names it
     */
    public static VerificationReport verify(Path folder, Device device)
            throws IOException, MalformedModelException {
        HuggingFaceConfig config = HuggingFaceConfig.of(folder);
        if (AttentionReference.isIn(config)) {
            return AttentionReference.verify(folder, config, device);
        }
        if (AdapterReference.isIn(folder)) {
            return AdapterReference.verify(folder, device);
        }
        if (RoundingReference.isIn(folder)) {
            return RoundingReference.verify(folder, device);
        }
        Reference reference = Reference.open(folder);
        return TrainingCurve.isIn(reference)
                ? TrainingCurve.verify(reference, device)
                : Verification.run(reference, device);
    }
}
