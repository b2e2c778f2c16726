/** What a model is for: tasks as options, and the heads they put on an encoder. */
package org.jzoo.zoo.task;
