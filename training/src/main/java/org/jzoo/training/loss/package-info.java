/** What training lowers: functions from a model's outputs and labels to one number. */
package org.jzoo.training.loss;
