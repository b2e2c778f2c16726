package org.jzoo.blocks.fusion;

/**
 * Chooses {@link ModalityGate}.
 *
 * @param perToken whether each token gets a weight of its own
 * @param balance factor of the balance loss, at least 0; 0 for none
 */
public record GateOption(boolean perToken, double balance) {

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if {@code balance} is negative
     */
    public GateOption {
        if (!(balance >= 0)) {
            throw new IllegalArgumentException("balance must be >= 0, got balance=" + balance);
        }
    }

    /** Builds the gate for width {@code dim}. */
    public ModalityGate create(int dim) {
        return new ModalityGate(dim, this);
    }
}
