# Links archives into `sluice` where the system has them: it uses little of these libraries, but a shared one is loaded,
# and all its names are bound, before main(). Tests, and users of rpc_core, get the shared ones.
set(items protobuf::libprotobuf yaml-cpp)
set(names protobuf yaml-cpp)
foreach(name item IN ZIP_LISTS names items)
  find_library(SLUICE_ARCHIVE_${name} lib${name}.a)
  if(SLUICE_ARCHIVE_${name})
    # The archive stands before the shared library, of which nothing is needed then.
    string(MAKE_C_IDENTIFIER ${name}_archive feature)
    set(CMAKE_CXX_LINK_LIBRARY_USING_${feature}_SUPPORTED TRUE)
    set(CMAKE_CXX_LINK_LIBRARY_USING_${feature} ${SLUICE_ARCHIVE_${name}} <LINK_ITEM> "")
    set_property(TARGET sluice PROPERTY LINK_LIBRARY_OVERRIDE_${item} ${feature})
  endif()
endforeach()
target_link_options(sluice PRIVATE LINKER:--as-needed)
