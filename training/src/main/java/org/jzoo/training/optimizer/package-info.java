/** How parameters move: fused AdamW over groups of parameters, and learning-rate schedules. */
package org.jzoo.training.optimizer;
