package org.jzoo.examples.lite;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import com.google.gson.Gson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.batch.BatchingConfig;
import org.jzoo.datasets.batch.EncodedDataset;
import org.jzoo.examples.compress.SizePlan;
import org.jzoo.examples.compress.SmallerModel;
import org.jzoo.examples.finetune.FineTune;
import org.jzoo.examples.finetune.TextBatches;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.LayerCut;
import org.jzoo.training.compression.pruning.OutputSensitivity;
import org.jzoo.training.compression.pruning.StackCut;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.loss.Loss;
import org.jzoo.zoo.encoder.EncoderConfig;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.registry.ModelFolder;
import org.jzoo.zoo.registry.ModelSource;
import org.jzoo.zoo.text.TextTokenizer;
import org.jzoo.zoo.weights.TensorType;

/** Makes students: what stays of a teacher, and what they learn on texts of all tasks. */
final class LiteStudents {

    private static final int IMPORTANCE_BATCH = 8;
    private static final int IMPORTANCE_BATCHES = 64;
    private static final Gson GSON = new Gson();

    private final LiteConfig config;
    private final LiteTexts texts;
    private final long wholeWeights;
    private final LiteTexts.Tokens tokens;

    /** A student, and the teacher's layers that its own began as. */
    record Student(LoadedModel model, List<Integer> kept) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
        }
    }

    LiteStudents(LiteConfig config) throws IOException, MalformedModelException {
        this.config = config;
        texts = new LiteTexts(config);
        try (LoadedModel whole = ModelSource.load(config.teacher(), Device.cpu())) {
            wholeWeights = whole.numParameters();
            tokens = texts.tokens(whole.tokenizer(), encoder(whole).vocabularySize());
        }
    }

    LiteTexts texts() {
        return texts;
    }

    LiteTexts.Tokens tokens() {
        return tokens;
    }

    static EncoderConfig encoder(LoadedModel model) {
        return (EncoderConfig) model.config().model();
    }

    static int layers(LoadedModel model) {
        return encoder(model).stack().numLayers();
    }

    /** A model without the tokens that no training text uses. */
    LoadedModel fewerTokens(LoadedModel whole) {
        return SmallerModel.withVocabulary(whole, tokens.reduced(), config.device());
    }

    /**
     * Cuts a teacher down to the budget.
     *
     * @param teacher with fewer tokens
     * @param loss whose gradients say what matters; null to let chance decide
     */
    Student cut(LoadedModel teacher, Loss loss, EncodedDataset data, long seed) {
        try (LoadedModel narrow = narrow(teacher)) {
            SizePlan plan = inGroups(SizePlan.within(encoder(narrow), outside(narrow), budget()));
            StackCut cut =
                    loss == null
                            ? byChance(narrow, plan, seed)
                            : StackCut.best(
                                    importance(narrow, loss, data, seed),
                                    plan.layers(),
                                    plan.heads(),
                                    plan.channels());
            return new Student(
                    SmallerModel.cut(narrow, cut, config.device()),
                    cut.layers().stream().map(LayerCut::layer).toList());
        }
    }

    /** As many whole layers as fit, at equal distances. */
    Student truncated(LoadedModel teacher) {
        try (LoadedModel narrow = narrow(teacher)) {
            EncoderConfig encoder = encoder(narrow);
            int all = layers(narrow);
            int heads = StackShape.heads(encoder);
            int channels = StackShape.channels(encoder);
            int fit = all;
            while (fit > 1 && outside(narrow) + fit * (inside(narrow) / all) > budget()) {
                fit--;
            }
            int count = fit;
            List<Integer> kept =
                    IntStream.rangeClosed(1, count).map(i -> i * all / count - 1).boxed().toList();
            StackCut cut =
                    new StackCut(
                            kept.stream()
                                    .map(l -> new LayerCut(l, upTo(heads), upTo(channels)))
                                    .toList());
            return new Student(SmallerModel.cut(narrow, cut, config.device()), kept);
        }
    }

    // Weights that share a scale lie within a row.
    private static SizePlan inGroups(SizePlan plan) {
        int rest = plan.channels() % LiteConfig.GROUP;
        return plan.channels() < LiteConfig.GROUP
                ? plan
                : new SizePlan(plan.layers(), plan.heads(), plan.channels() - rest);
    }

    private long budget() {
        return Math.round(config.share() * wholeWeights);
    }

    private LoadedModel narrow(LoadedModel teacher) {
        return SmallerModel.factorised(
                teacher, config.tokenRank(), tokens.counts(), config.device());
    }

    private static long outside(LoadedModel model) {
        return model.numParameters() - inside(model);
    }

    private static long inside(LoadedModel model) {
        return model.parameters().entrySet().stream()
                .filter(e -> e.getKey().contains(".layers."))
                .mapToLong(e -> e.getValue().getArray().getShape().size())
                .sum();
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static StackImportance importance(
            LoadedModel model, Loss loss, EncodedDataset data, long seed) {
        TextBatches batches =
                new TextBatches(data, BatchingConfig.training(IMPORTANCE_BATCH, seed));
        return new FirstOrder(loss, batches, IMPORTANCE_BATCHES).of((Part) model.block());
    }

    // Random scores: the same choice as by importance, of anything.
    private static StackCut byChance(LoadedModel model, SizePlan plan, long seed) {
        Random random = new Random(seed);
        EncoderConfig encoder = encoder(model);
        int layers = layers(model);
        double[][] heads = new double[layers][];
        double[][] channels = new double[layers][];
        for (int l = 0; l < layers; l++) {
            heads[l] = random.doubles(StackShape.heads(encoder)).toArray();
            channels[l] = random.doubles(StackShape.channels(encoder)).toArray();
        }
        StackImportance chance =
                new StackImportance(heads, channels, random.doubles(layers).toArray());
        return StackCut.best(chance, plan.layers(), plan.heads(), plan.channels());
    }

    /**
     * The student that learned on texts of all tasks, made if it is not there yet; other processes
     * wait for the one that makes it.
     */
    Student general() throws IOException, MalformedModelException {
        Path folder = folder();
        Files.createDirectories(config.work());
        try (FileChannel channel = lockFile(folder);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !ModelFolder.isPresent(folder)) {
                makeGeneral(folder);
            }
        }
        return new Student(ModelFolder.load(folder, config.device()), kept(folder));
    }

    /** Makes it unless another process is at it. */
    void tryGeneral() throws IOException, MalformedModelException {
        Path folder = folder();
        Files.createDirectories(config.work());
        try (FileChannel channel = lockFile(folder);
                FileLock lock = channel.tryLock()) {
            if (lock != null && !ModelFolder.isPresent(folder)) {
                makeGeneral(folder);
            }
        }
    }

    private Path folder() {
        return config.work().resolve("general");
    }

    private static FileChannel lockFile(Path folder) throws IOException {
        return FileChannel.open(
                folder.resolveSibling(folder.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }

    private static List<Integer> kept(Path folder) throws IOException {
        Integer[] layers = GSON.fromJson(Files.readString(layersFile(folder)), Integer[].class);
        return List.of(layers);
    }

    private static Path layersFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".layers.json");
    }

    private void makeGeneral(Path folder) throws IOException, MalformedModelException {
        long seed = LiteConfig.GENERAL_SEED;
        try (LoadedModel whole = ModelSource.load(config.teacher(), config.device());
                LoadedModel teacher = fewerTokens(whole);
                TextTokenizer tokenizer = teacher.tokenizer().withMaxLength(LiteConfig.MAX_LENGTH);
                EncodedDataset sample =
                        EncodedDataset.unlabelled(
                                texts.all().first((long) IMPORTANCE_BATCH * IMPORTANCE_BATCHES * 8),
                                FineTune.encoding(tokenizer, encoder(teacher).padding()));
                Student cut = cut(teacher, new OutputSensitivity(), sample, seed);
                LoadedModel student =
                        SmallerModel.underHead(cut.model(), teacher, 0, config.device())) {
            new LiteTraining(config, seed).general(student, teacher, cut.kept(), texts.all());
            Files.writeString(layersFile(folder), GSON.toJson(cut.kept()));
            ModelFolder.save(
                    folder,
                    student,
                    "# A student of %s%n".formatted(config.teacher()),
                    TensorType.F32);
        }
    }
}
