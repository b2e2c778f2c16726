package org.jzoo.zoo.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jzoo.zoo.weights.TensorSource;

/** Tells models apart by what they hold, whatever they are called and wherever they come from. */
public final class ModelHash {

    private ModelHash() {}

    /** The SHA-256 of a model's configuration and weights, in hexadecimal digits. */
    public static String of(LoadedModel model) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(model.config().toJson().getBytes(StandardCharsets.UTF_8));
            TensorSource weights = TensorSource.ofParameters(model.name(), model.parameters());
            for (String name : weights.entries().keySet()) {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                weights.segments(name).forEach(segment -> digest.update(segment.duplicate()));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
