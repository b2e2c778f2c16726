package org.jzoo.zoo.serving;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * The parameters themselves, without the mirror that DJL's store fills on first use: threads that
 * share a predictor race for that.
 */
final class SharedParameters extends ParameterStore {

    SharedParameters(NDManager manager) {
        super(manager, false);
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
        return parameter == null ? null : parameter.getArray();
    }
}
