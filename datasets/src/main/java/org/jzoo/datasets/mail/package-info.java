/** Mail as text, and the sample of ham and spam that ships with the library. */
package org.jzoo.datasets.mail;
