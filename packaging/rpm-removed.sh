# Run by rpm after a removal or an upgrade. A package made here lists files alone, so rpm would leave its own two folders
# behind, empty. 0 is the number of Longshore's versions that stay.
if [ "$1" = 0 ]; then
  rmdir /usr/share/doc/longshore /usr/share/licenses/longshore 2>/dev/null || :
fi
