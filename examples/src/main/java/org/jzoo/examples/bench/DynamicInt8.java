package org.jzoo.examples.bench;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX model whose products with constant matrices run in 8 bits: weights on a symmetric grid of
 * one scale, inputs on one that each call's range gives. ONNX Runtime's own tool for dynamic
 * quantization writes the same operators.
 *
 * @see <a href="https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html">its
 *     documentation</a>
 */
final class DynamicInt8 {

    private static final float LARGEST = 127;

    private final Map<String, TensorProto> constants = new HashMap<>();
    private final GraphProto.Builder graph;

    private DynamicInt8(GraphProto source) {
        source.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        graph = source.toBuilder().clearNode().clearInitializer();
    }

    static byte[] of(byte[] model) {
        try {
            ModelProto source = ModelProto.parseFrom(model);
            GraphProto graph = new DynamicInt8(source.getGraph()).rewrite(source.getGraph());
            return source.toBuilder().setGraph(graph).build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("model must be an ONNX model", e);
        }
    }

    private GraphProto rewrite(GraphProto source) {
        for (NodeProto node : source.getNodeList()) {
            TensorProto weight =
                    node.getOpType().equals("MatMul") ? constants.get(node.getInput(1)) : null;
            if (weight != null && isMatrix(weight)) {
                replace(node, weight);
            } else {
                graph.addNode(node);
            }
        }
        Set<String> used = new HashSet<>();
        graph.getNodeList().forEach(node -> used.addAll(node.getInputList()));
        constants.values().stream()
                .filter(tensor -> used.contains(tensor.getName()))
                .forEach(graph::addInitializer);
        return graph.build();
    }

    private static boolean isMatrix(TensorProto weight) {
        return weight.getDimsCount() == 2
                && weight.getDataType() == TensorProto.DataType.FLOAT.getNumber();
    }

    private void replace(NodeProto node, TensorProto weight) {
        String y = node.getOutput(0);
        String w = weight.getName();
        quantize(weight);
        add("DynamicQuantizeLinear", y, node.getInput(0))
                .addOutput(y + ".x")
                .addOutput(y + ".x.scale")
                .addOutput(y + ".x.zero");
        add("MatMulInteger", y, y + ".x", w + ".codes", y + ".x.zero", w + ".zero")
                .addOutput(y + ".sums");
        add("Cast", y, y + ".sums")
                .addOutput(y + ".cast")
                .addAttribute(
                        AttributeProto.newBuilder()
                                .setName("to")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(TensorProto.DataType.FLOAT.getNumber()));
        add("Mul", y + ".scales", y + ".x.scale", w + ".scale").addOutput(y + ".scale");
        add("Mul", y, y + ".cast", y + ".scale").addOutput(y);
    }

    private NodeProto.Builder add(String type, String name, String... inputs) {
        NodeProto.Builder node = graph.addNodeBuilder().setOpType(type).setName(name + "/" + type);
        for (String input : inputs) {
            node.addInput(input);
        }
        return node;
    }

    // A matrix that several products share is quantized once.
    private void quantize(TensorProto weight) {
        String name = weight.getName();
        if (constants.containsKey(name + ".codes")) {
            return;
        }
        float[] values = values(weight);
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        float scale = Math.max(largest, Float.MIN_NORMAL) / LARGEST;
        byte[] codes = new byte[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) Math.round(values[i] / scale);
        }
        TensorProto.Builder matrix = tensor(name + ".codes", TensorProto.DataType.INT8);
        constants.put(
                name + ".codes",
                matrix.addAllDims(weight.getDimsList())
                        .setRawData(ByteString.copyFrom(codes))
                        .build());
        constants.put(
                name + ".zero",
                tensor(name + ".zero", TensorProto.DataType.INT8)
                        .setRawData(ByteString.copyFrom(new byte[1]))
                        .build());
        constants.put(
                name + ".scale",
                tensor(name + ".scale", TensorProto.DataType.FLOAT).addFloatData(scale).build());
    }

    private static TensorProto.Builder tensor(String name, TensorProto.DataType type) {
        return TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    }

    private static float[] values(TensorProto weight) {
        if (weight.getFloatDataCount() > 0) {
            float[] values = new float[weight.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = weight.getFloatData(i);
            }
            return values;
        }
        ByteBuffer raw = weight.getRawData().asReadOnlyByteBuffer();
        FloatBuffer floats = raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}
