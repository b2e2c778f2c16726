package org.jzoo.zoo.weights;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes and initializers of an ONNX file that was read into memory. The initializers' elements
 * stay where they are in the file's bytes: parsing copies the nodes alone.
 */
final class OnnxGraph {

    // Field numbers of ModelProto, GraphProto and TensorProto in onnx.proto.
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW_DATA = 9;
    private static final int LENGTH_DELIMITED = 2;

    private final String origin;
    private final byte[] bytes;
    private final List<OnnxMl.NodeProto> nodes = new ArrayList<>();
    private final Map<String, LazyTensor> initializers = new LinkedHashMap<>();
    private final Map<String, OnnxMl.TensorProto> constants = new HashMap<>();

    private OnnxGraph(String origin, byte[] bytes) {
        this.origin = origin;
        this.bytes = bytes;
    }

    static OnnxGraph parse(String origin, byte[] bytes) throws MalformedModelException {
        OnnxGraph graph = new OnnxGraph(origin, bytes);
        try {
            graph.readModel(CodedInputStream.newInstance(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedModelException(
                    origin + ": the file must be an ONNX model, got " + e.getMessage(), e);
        }
        for (OnnxMl.NodeProto node : graph.nodes) {
            if (node.getOpType().equals("Constant") && node.getAttributeCount() == 1) {
                graph.constants.put(node.getOutput(0), node.getAttribute(0).getT());
            }
        }
        return graph;
    }

    /** The nodes in their order of execution. */
    List<OnnxMl.NodeProto> nodes() {
        return nodes;
    }

    /** The initializers by name. */
    Map<String, LazyTensor> initializers() {
        return initializers;
    }

    /** The integers of a constant or an INT64 initializer; null if {@code name} is neither. */
    long[] integers(String name) {
        OnnxMl.TensorProto constant = constants.get(name);
        LazyTensor initializer = initializers.get(name);
        ByteBuffer raw;
        if (constant != null && constant.getDataType() == 7) {
            if (constant.getInt64DataCount() > 0) {
                return constant.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
            }
            raw = constant.getRawData().asReadOnlyByteBuffer();
        } else if (initializer != null && initializer.entry().type() == TensorType.I64) {
            List<ByteBuffer> segments = initializer.segments().get();
            raw = segments.isEmpty() ? ByteBuffer.allocate(0) : segments.get(0);
        } else {
            return null;
        }
        long[] values = new long[raw.remaining() / 8];
        raw.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
        return values;
    }

    /** The value of a FLOAT constant of one element; NaN if {@code name} is none. */
    float number(String name) {
        OnnxMl.TensorProto constant = constants.get(name);
        if (constant == null || constant.getDataType() != 1) {
            return Float.NaN;
        }
        if (constant.getFloatDataCount() == 1) {
            return constant.getFloatData(0);
        }
        return constant.getRawData().size() == 4
                ? constant.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat()
                : Float.NaN;
    }

    private void readModel(CodedInputStream in) throws IOException {
        boolean found = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == (MODEL_GRAPH << 3 | LENGTH_DELIMITED)) {
                int limit = in.pushLimit(in.readRawVarint32());
                readGraph(in);
                in.popLimit(limit);
                found = true;
            } else {
                skip(in, tag);
            }
        }
        if (!found) {
            throw new InvalidProtocolBufferException("no graph");
        }
    }

    private void readGraph(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case GRAPH_NODE << 3 | LENGTH_DELIMITED ->
                        nodes.add(
                                in.readMessage(
                                        OnnxMl.NodeProto.parser(),
                                        ExtensionRegistryLite.getEmptyRegistry()));
                case GRAPH_INITIALIZER << 3 | LENGTH_DELIMITED -> {
                    int limit = in.pushLimit(in.readRawVarint32());
                    readInitializer(in);
                    in.popLimit(limit);
                }
                default -> skip(in, tag);
            }
        }
    }

    private void readInitializer(CodedInputStream in) throws IOException {
        String name = "";
        int type = 0;
        List<Long> dimensions = new ArrayList<>();
        int from = 0;
        int count = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case TENSOR_DIMS << 3 -> dimensions.add(in.readInt64());
                case TENSOR_DIMS << 3 | LENGTH_DELIMITED -> {
                    int limit = in.pushLimit(in.readRawVarint32());
                    while (in.getBytesUntilLimit() > 0) {
                        dimensions.add(in.readInt64());
                    }
                    in.popLimit(limit);
                }
                case TENSOR_TYPE << 3 -> type = in.readInt32();
                case TENSOR_NAME << 3 | LENGTH_DELIMITED -> name = in.readString();
                case TENSOR_RAW_DATA << 3 | LENGTH_DELIMITED -> {
                    count = in.readRawVarint32();
                    from = in.getTotalBytesRead();
                    in.skipRawBytes(count);
                }
                default -> skip(in, tag);
            }
        }
        TensorEntry entry = new TensorEntry(name, type(name, type), new Shape(dimensions), from);
        if (entry.byteSize() != count) {
            throw new InvalidProtocolBufferException(
                    "initializer %s of shape %s must have %d bytes inside the file, got %d"
                            .formatted(name, entry.shape(), entry.byteSize(), count));
        }
        ByteBuffer data =
                ByteBuffer.wrap(bytes, from, count)
                        .slice()
                        .asReadOnlyBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN);
        initializers.put(
                name,
                new LazyTensor(
                        entry, () -> List.of(data.duplicate().order(ByteOrder.LITTLE_ENDIAN))));
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("end of a group that did not begin");
        }
    }

    private static TensorType type(String name, int type) throws IOException {
        return switch (type) {
            case 1 -> TensorType.F32;
            case 2 -> TensorType.U8;
            case 3 -> TensorType.I8;
            case 5 -> TensorType.I16;
            case 6 -> TensorType.I32;
            case 7 -> TensorType.I64;
            case 9 -> TensorType.BOOL;
            case 10 -> TensorType.F16;
            case 11 -> TensorType.F64;
            case 16 -> TensorType.BF16;
            default ->
                    throw new InvalidProtocolBufferException(
                            "initializer %s must have a known type, got data_type=%d"
                                    .formatted(name, type));
        };
    }

    String origin() {
        return origin;
    }
}
