package org.jzoo.examples.pruning;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jzoo.blocks.part.Part;
import org.jzoo.examples.compress.SizePlan;
import org.jzoo.examples.compress.SmallerModel;
import org.jzoo.examples.finetune.TextData;
import org.jzoo.training.compression.pruning.DynamicSparsity;
import org.jzoo.training.compression.pruning.GradualSparsity;
import org.jzoo.training.compression.pruning.SparseWeights;
import org.jzoo.training.compression.pruning.SparsityRule;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.loop.TrainingCallback;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.text.WordPieceVocabulary;

/** Prunes a tuned model, each time from the whole one. */
final class Pruner implements AutoCloseable {

    private static final List<String> TARGETS = List.of("*.layers.*");
    private static final double MOVING = 0.3; // of dynamic sparsity's weights, at first
    private static final int MOVES = 20; // in a training

    private final PruningConfig config;
    private final TextData data;
    private final long seed;
    private final TaughtTask lessons;
    private final EncoderConfig encoder;
    private long[] counts;
    private StackImportance importance;
    private double[][] variances;
    private WordPieceVocabulary.Reduced reduced;
    private LoadedModel usedTokens;
    private TaughtTask usedLessons;

    Pruner(PruningConfig config, LoadedModel teacher, TextData data, long seed) {
        this.config = config;
        this.data = data;
        this.seed = seed;
        lessons = new TaughtTask(config, teacher, data, seed);
        encoder = (EncoderConfig) teacher.config().model();
    }

    TaughtTask lessons() {
        return lessons;
    }

    /** Whether there is a model of a method that keeps such a share, and not less than the next. */
    boolean can(PruneMethod method, double share, List<Double> shares) {
        return switch (method) {
            case NEIGHBOURS -> PruneMethod.group(share) > 0;
            case WHOLE_LAYERS -> share * encoder.stack().numLayers() >= 1;
            case FACTORISED -> rank(share, encoder.vocabularySize()) > 0;
            case USED_FACTORISED -> rank(share, used()) > 0;
            case USED_TOKENS -> {
                double kept = used() / (double) encoder.vocabularySize();
                yield share >= kept && shares.stream().noneMatch(s -> s < share && s >= kept);
            }
            default -> true;
        };
    }

    /** A model that keeps at most a share of its layers' or its token table's weights. */
    Pruned prune(PruneMethod method, double share) {
        int steps = config.steps();
        return switch (method) {
            case FIRST_ORDER -> byPlan(plan(share), importance());
            case VARIANCE -> byPlan(plan(share), importance().withChannels(variances()));
            case WHOLE_LAYERS -> {
                SizePlan all = SizePlan.of(encoder);
                SizePlan fewer =
                        new SizePlan((int) (share * all.layers()), all.heads(), all.channels());
                yield byPlan(fewer, importance());
            }
            case PROGRESSIVE -> progressive(plan(share));
            case MAGNITUDE -> sparse(new SparsityRule.Magnitude(1 - share), null);
            case GRADUAL ->
                    sparse(
                            new SparsityRule.Magnitude(0),
                            (model, zeros) ->
                                    new GradualSparsity(
                                            zeros,
                                            1 - share,
                                            Math.max(1, steps * 2L / 3),
                                            Math.max(1, steps / MOVES)));
            case NEIGHBOURS -> {
                int group = PruneMethod.group(share);
                yield sparse(new SparsityRule.Groups((int) Math.round(share * group), group), null);
            }
            case DYNAMIC ->
                    sparse(
                            new SparsityRule.Magnitude(1 - share),
                            (model, zeros) ->
                                    new DynamicSparsity(
                                            zeros,
                                            model,
                                            lessons.loss(),
                                            lessons.batches(),
                                            MOVING,
                                            Math.max(1, steps / MOVES),
                                            Math.max(1, steps * 3L / 4)));
            case FACTORISED -> factorised(lessons, counts(), rank(share, encoder.vocabularySize()));
            case USED_TOKENS -> ofUsedTokens();
            case USED_FACTORISED -> {
                TaughtTask own = usedLessons();
                yield factorised(own, own.counts((int) used()), rank(share, used()));
            }
        };
    }

    private LoadedModel whole() {
        return lessons.teacher();
    }

    private SizePlan plan(double share) {
        return SizePlan.ofAllLayers(encoder, Math.round(share * Pruned.ofLayers(whole())));
    }

    private Pruned byPlan(SizePlan plan, StackImportance importance) {
        return Pruned.smaller(cut(whole(), plan, importance), config.steps(), words(plan), lessons);
    }

    private StackImportance importance() {
        if (importance == null) {
            importance = lessons.importance(whole());
        }
        return importance;
    }

    private double[][] variances() {
        if (variances == null) {
            variances = lessons.variances(whole());
        }
        return variances;
    }

    private LoadedModel cut(LoadedModel model, SizePlan plan, StackImportance importance) {
        StackCut cut = StackCut.best(importance, plan.layers(), plan.heads(), plan.channels());
        return SmallerModel.cut(model, cut, config.device());
    }

    private static String words(SizePlan plan) {
        return "%d layers, %d heads, %d channels"
                .formatted(plan.layers(), plan.heads(), plan.channels());
    }

    // What matters is measured anew before each cut, by what the model has become.
    private Pruned progressive(SizePlan end) {
        List<SizePlan> plans = SizePlan.of(encoder).towards(end, config.cuts());
        int each = config.steps() / config.cuts();
        LoadedModel model = null;
        for (SizePlan plan : plans) {
            LoadedModel before = model == null ? whole() : model;
            if (model != null) {
                lessons.train(model, each);
            }
            StackImportance now = model == null ? importance() : lessons.importance(before);
            LoadedModel after = cut(before, plan, now);
            if (model != null) {
                model.close();
            }
            model = after;
        }
        int left = config.steps() - each * (config.cuts() - 1);
        String words = "%s, in %d cuts".formatted(words(end), config.cuts());
        return Pruned.smaller(model, left, words, lessons);
    }

    /** Makes what goes on pruning while a model trains. */
    @FunctionalInterface
    private interface During {
        TrainingCallback of(Part model, SparseWeights zeros);
    }

    private Pruned sparse(SparsityRule rule, During during) {
        LoadedModel model = SmallerModel.cut(whole(), everything(), config.device());
        Part block = (Part) model.block();
        SparseWeights zeros = SparseWeights.of(block, rule, TARGETS);
        TrainingCallback callback = during == null ? zeros : during.of(block, zeros);
        return new Pruned(model, zeros, callback, config.steps(), rule.toString(), lessons);
    }

    private StackCut everything() {
        SizePlan all = SizePlan.of(encoder);
        double[][] heads = new double[all.layers()][all.heads()];
        double[][] channels = new double[all.layers()][all.channels()];
        StackImportance alike = new StackImportance(heads, channels, new double[all.layers()]);
        return StackCut.best(alike, all.layers(), all.heads(), all.channels());
    }

    // The most columns of a table of so many rows that fit, with a map to the width; 0 if it would
    // be no narrower.
    private int rank(double share, long rows) {
        long dim = encoder.stack().dim();
        double budget = share * encoder.vocabularySize() * dim;
        long rank = (long) ((budget - dim) / (rows + dim));
        return rank < dim ? (int) Math.max(0, rank) : 0;
    }

    private Pruned factorised(TaughtTask own, long[] occurrences, int rank) {
        LoadedModel model =
                SmallerModel.factorised(own.teacher(), rank, occurrences, config.device());
        String words = "%d tokens of rank %d".formatted(occurrences.length, rank);
        return Pruned.smaller(model, config.steps(), words, own);
    }

    private Pruned ofUsedTokens() {
        LoadedModel model =
                SmallerModel.cut(usedLessons().teacher(), everything(), config.device());
        return Pruned.smaller(model, config.steps(), "%d tokens".formatted(used()), usedLessons());
    }

    private long[] counts() {
        if (counts == null) {
            counts = lessons.counts(encoder.vocabularySize());
        }
        return counts;
    }

    private long used() {
        return reduced().rows().length;
    }

    private WordPieceVocabulary.Reduced reduced() {
        if (reduced == null) {
            BitSet used = new BitSet();
            IntStream.range(0, counts().length).filter(id -> counts[id] > 0).forEach(used::set);
            reduced = WordPieceVocabulary.keep(whole().tokenizer().json(), used);
        }
        return reduced;
    }

    private TaughtTask usedLessons() {
        if (usedLessons == null) {
            usedTokens = SmallerModel.withVocabulary(whole(), reduced(), config.device());
            usedLessons = new TaughtTask(config, usedTokens, data, seed);
        }
        return usedLessons;
    }

    @Override
    public void close() {
        lessons.close();
        if (usedLessons != null) {
            usedLessons.close();
            usedTokens.close();
        }
    }
}
