package org.jzoo.examples.lite;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jzoo.examples.compress.Compression;
import org.jzoo.examples.compress.SmallerModel;
import org.jzoo.training.compression.pruning.LayerCut;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.zoo.registry.LoadedModel;

/**
 * What the variants of J1's students begin with, all within the same budget.
 *
 * @param teacher the whole model
 * @param compression of it: what was measured and planned
 * @param device where students live
 * @param seed of what is left to chance
 */
record LiteVqaStudents(LoadedModel teacher, Compression compression, Device device, long seed) {

    /** The student that a variant begins with; the caller closes it. */
    LoadedModel start(LiteVariant variant) {
        return switch (variant) {
            case NO_IMPORTANCE -> cut(byChance());
            case TRUNCATED -> cut(truncated());
            case SCRATCH -> fresh();
            default -> cut(compression.cuts());
        };
    }

    private LoadedModel cut(Map<String, StackCut> cuts) {
        return SmallerModel.cut(teacher, cuts, device);
    }

    private LoadedModel fresh() {
        try (LoadedModel same = cut(compression.cuts())) {
            return LoadedModel.fresh(
                    "scratch", same.config(), same.tokenizer().copy(), seed, device);
        }
    }

    // As many layers, heads and channels as were planned, but any.
    private Map<String, StackCut> byChance() {
        Random random = new Random(seed);
        Map<String, StackCut> cuts = new LinkedHashMap<>();
        compression
                .cuts()
                .forEach(
                        (path, stack) -> {
                            StackImportance whole = compression.importance().get(path);
                            List<Integer> layers =
                                    some(whole.numLayers(), stack.layers().size(), random);
                            List<LayerCut> kept = new ArrayList<>();
                            for (int i = 0; i < layers.size(); i++) {
                                LayerCut like = stack.layers().get(i);
                                int heads = whole.heads()[layers.get(i)].length;
                                int channels = whole.channels()[layers.get(i)].length;
                                kept.add(
                                        new LayerCut(
                                                layers.get(i),
                                                some(heads, like.heads().size(), random),
                                                some(channels, like.channels().size(), random)));
                            }
                            cuts.put(path, new StackCut(kept));
                        });
        return cuts;
    }

    private static List<Integer> some(int of, int count, Random random) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, of).boxed().toList());
        Collections.shuffle(all, random);
        return all.subList(0, count).stream().sorted().toList();
    }

    // The first layer of each stack, with as many of its first heads and channels as were planned
    // for the whole stack.
    private Map<String, StackCut> truncated() {
        Map<String, StackCut> cuts = new LinkedHashMap<>();
        compression
                .cuts()
                .forEach(
                        (path, stack) -> {
                            StackImportance whole = compression.importance().get(path);
                            int heads =
                                    stack.layers().stream().mapToInt(l -> l.heads().size()).sum();
                            int channels =
                                    stack.layers().stream()
                                            .mapToInt(l -> l.channels().size())
                                            .sum();
                            cuts.put(
                                    path,
                                    new StackCut(
                                            List.of(
                                                    new LayerCut(
                                                            0,
                                                            first(whole.heads()[0].length, heads),
                                                            first(
                                                                    whole.channels()[0].length,
                                                                    channels)))));
                        });
        return cuts;
    }

    private static List<Integer> first(int of, int count) {
        return IntStream.range(0, Math.min(of, count)).boxed().toList();
    }
}
