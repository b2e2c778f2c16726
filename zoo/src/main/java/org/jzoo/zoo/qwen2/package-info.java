/** Qwen2. */
package org.jzoo.zoo.qwen2;
