/**
 * The zoo as DJL sees it: a {@code ZooProvider}, so that {@code ModelZoo} and {@code Criteria} find
 * our models by group, artifact, application and filter, and saved folders by their path.
 */
package org.jzoo.zoo.provider;
