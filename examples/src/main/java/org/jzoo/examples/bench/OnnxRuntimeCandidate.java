package org.jzoo.examples.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jzoo.examples.bench.EncodeBenchConfig.BatchShape;

/** ONNX Runtime with all its optimisations on a model from the class path. */
final class OnnxRuntimeCandidate implements EncodeTurns.Candidate {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final String name;
    private final OrtSession session;
    private final Set<String> inputs;

    private OnnxRuntimeCandidate(String name, byte[] model, int threads) throws OrtException {
        this.name = name;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(threads);
            session = environment.createSession(model, options);
        }
        inputs = session.getInputNames();
    }

    /** The model as it is. */
    static OnnxRuntimeCandidate float32(String resource, int threads)
            throws IOException, OrtException {
        return new OnnxRuntimeCandidate("onnxruntime", bytes(resource), threads);
    }

    /** The model as {@link DynamicInt8} writes it. */
    static OnnxRuntimeCandidate int8(String resource, int threads)
            throws IOException, OrtException {
        byte[] model = DynamicInt8.of(bytes(resource));
        return new OnnxRuntimeCandidate("onnxruntime int8", model, threads);
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = OnnxRuntimeCandidate.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("no resource named " + resource);
            }
            return in.readAllBytes();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(long[] ids, BatchShape shape) throws OrtException {
        Map<String, OnnxTensor> tensors = tensors(ids, shape);
        try (OrtSession.Result result = session.run(tensors)) {
            result.size();
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public float[] hiddenState(long[] ids, BatchShape shape) throws OrtException {
        Map<String, OnnxTensor> tensors = tensors(ids, shape);
        try (OrtSession.Result result = session.run(tensors)) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] copy = new float[states.remaining()];
            states.get(copy);
            return copy;
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private Map<String, OnnxTensor> tensors(long[] ids, BatchShape shape) throws OrtException {
        long[] sizes = {shape.rows(), shape.tokens()};
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        tensors.put("input_ids", tensor(ids, sizes));
        tensors.put("attention_mask", tensor(ones, sizes));
        if (inputs.contains("token_type_ids")) {
            tensors.put("token_type_ids", tensor(new long[ids.length], sizes));
        }
        return tensors;
    }

    private OnnxTensor tensor(long[] values, long[] sizes) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), sizes);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
