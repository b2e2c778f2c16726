package org.jzoo.training.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jzoo.blocks.part.Part;
import org.jzoo.training.optimizer.ParameterGroup;

class LayerDecayTest {

    private static final ParameterGroup LOWER = new ParameterGroup("body.layers.0.*", 0.25, 1);
    private static final ParameterGroup UPPER = new ParameterGroup("body.layers.1.*", 0.5, 1);

    @Test
    void ratesFallByTheFactorFromLayerToLayerAndTheHeadKeepsTheFullRate() {
        assertEquals(List.of(LOWER, UPPER), LayerDecay.of(TinyModel.withoutWeights(), 0.5));
    }

    @Test
    void layersThatDoNotLearnHaveNoGroup() {
        TinyModel model = TinyModel.withoutWeights();
        new FrozenLayers(Tuning.full(), 1).apply(model);
        assertEquals(List.of(UPPER), LayerDecay.of(model, 0.5));
    }

    @Test
    void oneMeansNoGroups() {
        assertEquals(List.of(), LayerDecay.of((Part) TinyModel.withoutWeights().part("head"), 1));
    }

    @Test
    void aFactorOutOfItsRangeIsRefused() {
        assertEquals(
                "decay must be in (0, 1], got decay=1.5",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> LayerDecay.of(TinyModel.withoutWeights(), 1.5))
                        .getMessage());
    }
}
