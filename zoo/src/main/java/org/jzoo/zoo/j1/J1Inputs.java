package org.jzoo.zoo.j1;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;

/**
 * What a J1 reads, told apart by type and order.
 *
 * @param ids token ids (M, T) int64; null without texts
 * @param mask which tokens exist (M, T) boolean; null for all
 * @param images (N, C, Hi, Wi) float32; null without images
 * @param pairs which text and which image an example has, (B, 2) int64; null if rows go together
 * @param present whether an example has a text and an image, (B, 2) boolean; null for both
 * @param attention whether the attention over patches is wanted as an output
 */
record J1Inputs(
        NDArray ids,
        NDArray mask,
        NDArray images,
        NDArray pairs,
        NDArray present,
        boolean attention) {

    static J1Inputs of(NDList inputs) {
        NDArray ids = null;
        NDArray mask = null;
        NDArray images = null;
        NDArray pairs = null;
        NDArray present = null;
        boolean attention = false;
        for (NDArray array : inputs) {
            boolean textMayCome = images == null && pairs == null;
            if (array.getDataType() == DataType.INT64) {
                if (textMayCome && ids == null) {
                    ids = array;
                } else {
                    pairs = array;
                }
            } else if (array.getDataType() == DataType.BOOLEAN) {
                if (textMayCome && ids != null && mask == null) {
                    mask = array;
                } else {
                    present = array;
                }
            } else if (array.getDataType() == DataType.UINT8) {
                attention = true;
            } else {
                images = array;
            }
        }
        return new J1Inputs(ids, mask, images, pairs, present, attention);
    }
}
