package org.jzoo.examples.recipe;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jzoo.blocks.kernel.Precision;
import org.jzoo.blocks.kernel.PyTorch;
import org.jzoo.blocks.part.Part;
import org.jzoo.datasets.vision.Scene;
import org.jzoo.examples.compress.Lessons;
import org.jzoo.examples.finetune.FineTuneConfig;
import org.jzoo.examples.finetune.FineTuning;
import org.jzoo.examples.finetune.FusedMasks;
import org.jzoo.examples.finetune.Teaching;
import org.jzoo.training.compression.pruning.FirstOrder;
import org.jzoo.training.compression.pruning.StackImportance;
import org.jzoo.training.loop.Batches;
import org.jzoo.zoo.j1.J1Config;
import org.jzoo.zoo.registry.LoadedModel;
import org.jzoo.zoo.text.TextTokenizer;

/**
 * Generated pictures with questions in words, for a J1 that is made smaller: importance is measured
 * picture by picture, students learn as {@link VqaRun}s do, and the test pictures of the seed judge
 * them.
 */
public final class VqaLessons implements Lessons, AutoCloseable {

    /** Questions about a picture of Sort-of-CLEVR. */
    public static final int QUESTIONS = 20;

    private final VqaConfig config;
    private final TextTokenizer tokenizer;
    private final int side;
    private final NDManager manager;
    private final VqaSet train;
    private final Map<Device, NDManager> elsewhere = new HashMap<>();
    private final Map<Device, VqaSet> tests = new LinkedHashMap<>();

    /**
     * Draws the pictures.
     *
     * @param config data, seed, pictures, and how batches are made; its own training is not read
     * @param model whose tokenizer and picture size are used; stays open
     * @param device where the training pictures are kept
     */
    public VqaLessons(VqaConfig config, LoadedModel model, Device device) {
        this.config = config;
        tokenizer = model.tokenizer().copy();
        side = ((J1Config) model.config().model()).image().size();
        manager = PyTorch.engine().newBaseManager(device);
        train = set(trainScenes(), 0, manager);
    }

    /** What the questions are about, and how batches are made of them. */
    public VqaConfig config() {
        return config;
    }

    List<Scene> trainScenes() {
        return config.data().train(config.pictures(), config.seed());
    }

    List<Scene> testScenes() {
        List<Scene> all = config.data().test(config.seed());
        return all.subList(0, Math.min(all.size(), config.pictures()));
    }

    /** Test questions in known wordings; there are as many in wordings that no training has. */
    @Override
    public long numTested() {
        return testScenes().stream().mapToLong(scene -> scene.questions().size()).sum() / 2;
    }

    private VqaSet set(List<Scene> scenes, int part, NDManager home) {
        return new VqaSet(
                config.data(), scenes, side, tokenizer, config.seed() + part, false, home);
    }

    @Override
    public Map<String, StackImportance> importance(LoadedModel model, int batches) {
        VqaConfig single =
                VqaConfig.builder(config.variant(), config.data())
                        .optSeed(config.seed())
                        .optPictures(config.pictures())
                        .optBatchPictures(1)
                        .optLost(0)
                        .optMirrored(config.mirrored())
                        .build();
        return new FirstOrder(new VqaLoss(0), new VqaBatches(train, single), batches)
                .ofAll((Part) model.block());
    }

    /** A training; its batches are the configuration's, whatever {@code how} says. */
    @Override
    public FineTuning training(FineTuneConfig how, LoadedModel student, Teaching teaching) {
        Batches batches = new VqaBatches(train, config);
        if (teaching != null) {
            J1Config numbers = (J1Config) student.config().model();
            batches =
                    teaching.over(
                            teaching.internals().isEmpty()
                                    ? batches
                                    : new FusedMasks(batches, numbers.image().merged().size()),
                            how.precision());
        }
        return new VqaStudent(this, how, student, teaching, batches);
    }

    @Override
    public Map<String, Double> measure(LoadedModel model) {
        Device device = model.manager().getDevice();
        NDManager home = elsewhere.computeIfAbsent(device, d -> PyTorch.engine().newBaseManager(d));
        VqaSet test = tests.computeIfAbsent(device, d -> set(testScenes(), 1, home));
        return new VqaMeasure(model.block(), Precision.FLOAT32, home).whole(test);
    }

    @Override
    public void close() {
        manager.close();
        elsewhere.values().forEach(NDManager::close);
        tokenizer.close();
    }
}
